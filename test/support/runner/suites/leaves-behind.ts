import { afterAll, expect, jest, test } from '@jest/globals'

import { remembered } from './state.js'

interface Matchers {
  toBeLeft?(): void
}

const folder = new URL('../../../..', import.meta.url).pathname.replace(/\/$/, '')
const seen = () => ({
  module: remembered.length,
  matcher: typeof (expect(1) as Matchers).toBeLeft,
  global: 'left' in globalThis,
  spy: performance.now() === 7,
  builtIn: [Date.now() === 7, Math.max(1, 2), 'a'.at(0), Object.hasOwn(Object.prototype, 'left')],
  variable: process.env['DIALGRAPH_TEST_LEFT'],
  listeners: process.listenerCount('SIGUSR2'),
  method: process.emitWarning.name,
  folder: process.cwd(),
})

/** A suite that sees nothing of another one, and then leaves something behind everywhere. */
export function leaveBehind(): void {
  test('begins as if it were the only one', () =>
    expect(seen()).toEqual({
      module: 0,
      matcher: 'undefined',
      global: false,
      spy: false,
      builtIn: [false, 2, 'a', false],
      variable: undefined,
      listeners: 0,
      method: 'emitWarning',
      folder,
    }))

  afterAll(() => {
    remembered.push('left')
    expect.extend({ toBeLeft: () => ({ pass: true, message: () => '' }) })
    Object.assign(globalThis, { left: true })
    jest.spyOn(performance, 'now').mockReturnValue(7)
    Date.now = () => 7
    Math.max = () => 9
    String.prototype.at = () => 'z'
    process.env['DIALGRAPH_TEST_LEFT'] = 'left'
    process.on('SIGUSR2', () => {})
    process.emitWarning = function left() {}
    process.chdir('/')
  })
}
