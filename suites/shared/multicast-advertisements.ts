import { ra } from 'denat'

export const toAll = ra({}, { ip6: { dst: 'ff02::1' } })
