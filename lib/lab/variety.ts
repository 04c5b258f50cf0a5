import { type Variety, varietyFrom } from '../nodes/variety.ts'
import type { World } from '../recording/recording.ts'

/** The variety of one station, entered into the world as it is drawn. */
export function varietyOf(world: World, role: string): Variety {
  return varietyFrom(`${world.seed}\0${world.name}\0variety\0${role}`, (knob, value) => {
    world.variety ??= {}
    const drawn = world.variety[role] ?? {}
    drawn[knob] = value
    world.variety[role] = drawn
  })
}
