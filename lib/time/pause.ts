/** Holds this thread up. Only for cleaning up, where nothing else may run; all else waits on a clock. */
export function pause(seconds: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, seconds * 1e3)
}
