/** A stretch of time under a limit, which may end before. */
export interface TimeLimit {
  /** Aborts when the time is over, or with the signal it was made with. */
  readonly signal: AbortSignal
  /** Whether the time is over. */
  readonly isOver: boolean
  /** What it was for has ended. */
  clear(): void
}

/**
 * As `AbortSignal.any` of the signal and `AbortSignal.timeout`, which together keep the collector of garbage busy with weak references for
 * every request there ever was; this one is undone by hand.
 */
export function timeLimit(milliseconds: number, signal: AbortSignal | undefined): TimeLimit {
  const controller = new AbortController()
  let isOver = false
  const end = () => {
    isOver = true
    controller.abort(new DOMException(`It took more than ${milliseconds} ms`, 'TimeoutError'))
  }
  const follow = () => controller.abort(signal!.reason)
  const timer = setTimeout(end, milliseconds).unref()
  if (signal?.aborted) follow()
  else signal?.addEventListener('abort', follow, { once: true })
  return {
    signal: controller.signal,
    get isOver() {
      return isOver
    },
    clear() {
      clearTimeout(timer)
      signal?.removeEventListener('abort', follow)
    },
  }
}
