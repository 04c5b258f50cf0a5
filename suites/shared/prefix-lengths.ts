import { behindGateway } from '../scenarios/behind-gateway.ts'
import { coldBoot } from '../scenarios/cold-boot.ts'
import { lineFlaps } from '../scenarios/line-flaps.ts'
import { restart } from '../scenarios/restart.ts'
import { slaacWan } from '../scenarios/slaac-wan.ts'

/** Where a prefix of such a length is delegated. */
export const lengthsUsed = {
  48: lineFlaps,
  52: lineFlaps,
  56: coldBoot,
  57: lineFlaps,
  58: lineFlaps,
  59: lineFlaps,
  60: slaacWan,
  61: lineFlaps,
  62: restart,
  63: lineFlaps,
  64: behindGateway,
}
