/**
 * A signal to npm or npx ends them and their shell, but does not reach this process: when its parent ends, it gets the
 * signal. Without npm it goes on, as any process in the background does.
 * @param {number} milliseconds between two looks
 */
export function followParent(milliseconds = 500) {
  if (!process.env.npm_command) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    process.kill(process.pid, 'SIGTERM')
  }, milliseconds)
  timer.unref()
}
