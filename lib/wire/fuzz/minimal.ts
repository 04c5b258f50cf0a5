/** The shortest frame found that still has the fault: octets are left out, then zeroed, as long as it stays. */
export function minimal(frame: Uint8Array, isFaulty: (frame: Uint8Array) => boolean): Uint8Array {
  let least = frame
  for (let size = frame.length >> 1; size >= 1; size >>= 1) {
    for (let at = least.length - size; at >= 0; at -= size) {
      const shorter = Uint8Array.from([...least.subarray(0, at), ...least.subarray(at + size)])
      if (isFaulty(shorter)) least = shorter
    }
  }
  for (let at = 0; at < least.length; at++) {
    const zeroed = least.slice()
    zeroed[at] = 0
    if (isFaulty(zeroed)) least = zeroed
  }
  return least
}
