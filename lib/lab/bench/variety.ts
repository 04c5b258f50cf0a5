import { type Variety, varietyFrom } from '../../nodes/variety.ts'
import type { World } from '../../recording/recording.ts'

/** The variety of one station, entered into the world as it is drawn. */
export function varietyOf(world: World, role: string): Variety {
  world.variety ??= {}
  const chosen = world.variety[role] ?? {}
  world.variety[role] = chosen
  return varietyFrom(`${world.seed}\0${world.name}\0variety\0${role}`, chosen)
}
