import type { Device } from './device.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import { openMemoryLab } from './memory-lab.ts'
import { openNamespaceLab } from './namespace-lab.ts'

/** Opens the lab that a lab file describes. Whoever opens it closes it. */
export function openLab(lab: LabFile, device: Device, runId: string): Lab {
  if (lab.kind === 'namespaces') return openNamespaceLab(lab, device, runId)
  // The same router in every run, as one on a desk would be.
  return openMemoryLab(lab, { seed: lab.name })
}
