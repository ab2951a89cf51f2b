import type { RequestObserver } from '../observing/request-observation.js'

/** Counts the requests of clients that are being answered. */
export function requestsUnderWay(): { readonly observe: RequestObserver; readonly count: () => number } {
  let count = 0
  return {
    observe({ method }) {
      // What is listened to or downloaded for minutes keeps nobody waiting.
      if (method !== 'POST') return () => {}
      count += 1
      return () => void (count -= 1)
    },
    count: () => count,
  }
}
