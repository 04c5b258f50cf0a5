import type { Device } from './device.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { openNamespaceLab } from './namespace-lab.ts'

/** Opens the lab that a lab file describes. Whoever opens it closes it. */
export function openLab(lab: LabFile, device: Device, runId: string): Lab {
  if (lab.kind === 'namespaces') return openNamespaceLab(lab, device, runId)
  throw new TypeError(`a lab of kind ${lab.kind} cannot be opened yet`)
}
