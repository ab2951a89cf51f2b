type Listener = (() => void) | { handleEvent(): void }

/** Tells that something ends early; an AbortSignal does, and so does an `Ending`. */
export interface EndSignal {
  readonly aborted: boolean
  readonly reason: unknown
  addEventListener(type: 'abort', listener: Listener, options?: { readonly once: boolean }): void
  removeEventListener(type: 'abort', listener: Listener): void
}

/**
 * An AbortController and its signal in one, for what is made with every operation: an event target
 * costs more than all that listen to it, and V8 keeps it longer than what it belongs to.
 */
export class Ending implements EndSignal {
  aborted = false
  reason: unknown = undefined
  #listeners: Set<Listener> | null = null

  /** Calls the listeners in the order they were added, once. */
  abort(reason: unknown): void {
    if (this.aborted) return
    this.aborted = true
    this.reason = reason
    const listeners = this.#listeners ?? []
    for (const listener of listeners) call(listener)
    this.#listeners = null
  }

  addEventListener(_type: 'abort', listener: Listener): void {
    if (!this.aborted) (this.#listeners ??= new Set()).add(listener)
  }

  removeEventListener(_type: 'abort', listener: Listener): void {
    this.#listeners?.delete(listener)
  }
}

/** One that throws keeps no other from being called, as with events. */
function call(listener: Listener): void {
  try {
    if (typeof listener === 'function') listener()
    else listener.handleEvent()
  } catch (error) {
    process.nextTick(() => {
      throw error
    })
  }
}

/** For APIs that insist on an AbortSignal. */
export function abortSignalOf(signal: EndSignal): AbortSignal {
  if (signal instanceof AbortSignal) return signal
  const controller = new AbortController()
  const follow = () => controller.abort(signal.reason)
  if (signal.aborted) follow()
  else signal.addEventListener('abort', follow)
  return controller.signal
}
