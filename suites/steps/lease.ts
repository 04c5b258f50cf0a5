import { markOf } from 'denat'

/** The router is online: the last Reply that granted it a prefix. */
export const leased = markOf('granted', { frames: ['grant'] })
