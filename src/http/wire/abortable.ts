import type { EndSignal } from '../../ending.js'

/**
 * Settles as `work` does, or rejects with the signal's reason as soon as it is aborted. The work
 * itself goes on for others.
 */
export function abortable<T>(work: Promise<T>, signal: EndSignal | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason as Error)
    const settle = () => signal.removeEventListener('abort', stop)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    work.then(
      (value) => {
        settle()
        resolve(value)
      },
      (error: unknown) => {
        settle()
        reject(error as Error)
      },
    )
  })
}
