import type { ReportTest } from './report-tests.ts'
import type { Text } from './standing.ts'

/** A waiver in words. A waived verdict stays what it is, and one that has expired waives nothing. */
export function waiverText({ reason, approver, until, expired }: NonNullable<ReportTest['waiver']>): Text {
  return expired
    ? [
        `the waiver of ${approver} expired on ${until}: ${reason}`,
        `${approver} 批准的豁免已于 ${until} 到期：${reason}`,
      ]
    : [`waived by ${approver} until ${until}: ${reason}`, `${approver} 批准豁免，有效期至 ${until}：${reason}`]
}
