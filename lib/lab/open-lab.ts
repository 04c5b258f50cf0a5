import { type Device, readDevice } from './device.ts'
import type { Lab } from './lab.ts'
import type { LabFile } from './lab-file.ts'
import type { Around } from './power/manual.ts'

/** The DUT of a lab: a device folder's, or the reference router. Throws `InputError` for a bad folder. */
export async function deviceOf(lab: LabFile, environment = process.env): Promise<Device> {
  if (lab.cables !== 'memory') return readDevice(lab.device, environment)
  const { referenceDevice } = await import('./memory-lab.ts')
  const { facts } = referenceDevice
  const { capabilities, lacks } = facts
  // It is set up for the line that it is on.
  const ofLine = (['wan-vlan', 'pppoe'] as const).filter((word) =>
    word === 'pppoe' ? lab.line.pppoe : lab.line.vlan !== undefined,
  )
  const set = {
    capabilities: [...capabilities, ...ofLine],
    lacks: lacks.filter((word) => !ofLine.some((one) => one === word)),
  }
  const { boot = referenceDevice.boot, reset = referenceDevice.reset } = lab
  return { ...referenceDevice, facts: { ...facts, role: lab.role, ...set }, boot, reset }
}

const alone: Around = {
  askPerson: () => Promise.reject(new TypeError('there is no person to ask')),
  environment: process.env,
}

/** Opens the lab that a lab file describes. The caller closes it. Each kind loads only what it needs. */
export async function openLab(lab: LabFile, device: Device, runId: string, around: Around = alone): Promise<Lab> {
  if (lab.cables === 'cards') {
    const { openPhysicalLab } = await import('./physical-lab.ts')
    return openPhysicalLab(lab, device, runId, around)
  }
  if (lab.cables === 'taps') {
    const { openVmLab } = await import('./vm-lab.ts')
    return openVmLab(lab, device, runId)
  }
  if (lab.cables === 'veth') {
    const { openNamespaceLab } = await import('./namespace-lab.ts')
    return openNamespaceLab(lab, device, runId)
  }
  const { openMemoryLab } = await import('./memory-lab.ts')
  // The same router in every run, as one on a desk would be.
  const behavior = lab.boot ? { bootTime: lab.boot } : {}
  return openMemoryLab(lab, { seed: lab.name, bridged: lab.bridged, behavior, reset: lab.reset })
}
