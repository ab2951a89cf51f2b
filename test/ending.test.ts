import { describe, expect, test } from '@jest/globals'

import { abortSignalOf, Ending, type EndSignal } from '../src/ending.js'

/** An ending, and what it stands for. */
const endings: readonly (readonly [string, () => { signal: EndSignal; abort(reason: unknown): void }])[] = [
  [
    'an AbortController',
    () => {
      const controller = new AbortController()
      return { signal: controller.signal, abort: (reason) => controller.abort(reason) }
    },
  ],
  [
    'an ending',
    () => {
      const ending = new Ending()
      return { signal: ending, abort: (reason) => ending.abort(reason) }
    },
  ],
]

describe.each(endings)('%s', (_, begin) => {
  test('calls its listeners once, in their order, with its reason known', () => {
    const { signal, abort } = begin()
    const heard: unknown[] = []
    signal.addEventListener('abort', () => void heard.push(['first', signal.aborted, signal.reason]))
    const object = { handleEvent: () => void heard.push('second') }
    signal.addEventListener('abort', object, { once: true })
    signal.addEventListener('abort', object, { once: true })
    expect([signal.aborted, signal.reason]).toEqual([false, undefined])
    abort('over')
    abort('over again')
    expect(heard).toEqual([['first', true, 'over'], 'second'])
    expect(signal.reason).toBe('over')
  })

  test('calls none that was removed, also by another listener', () => {
    const { signal, abort } = begin()
    const heard: string[] = []
    const gone = () => void heard.push('gone')
    const removed = () => void heard.push('removed')
    signal.addEventListener('abort', gone)
    signal.removeEventListener('abort', gone)
    signal.addEventListener('abort', () => signal.removeEventListener('abort', removed))
    signal.addEventListener('abort', removed)
    abort('over')
    expect(heard).toEqual([])
  })

  test('calls none that was added too late', () => {
    const { signal, abort } = begin()
    abort('over')
    signal.addEventListener('abort', () => {
      throw new Error('called')
    })
    expect(signal.aborted).toBe(true)
  })

  test('is followed by an AbortSignal, for APIs that insist on one', () => {
    const { signal, abort } = begin()
    const follower = abortSignalOf(signal)
    expect(follower).toBeInstanceOf(AbortSignal)
    expect(follower.aborted).toBe(false)
    abort('over')
    expect([follower.aborted, follower.reason]).toEqual([true, 'over'])
    expect(abortSignalOf(signal)).toMatchObject({ aborted: true, reason: 'over' })
  })
})
