import { afterAll, afterEach, beforeAll, expect } from '@jest/globals'

import { takeLeaks } from './leaks.js'

const ownKeys = () =>
  [Object.prototype, Array.prototype, String.prototype, Function.prototype].map(Object.getOwnPropertyNames)
let keys: string[][]

/** Held in every test: no secret is shown anywhere, and nothing that was sent changes what all objects have in common. */
beforeAll(() => {
  keys = ownKeys()
})
afterEach(() => expect(takeLeaks()).toEqual([]))
afterAll(() => {
  expect(takeLeaks()).toEqual([])
  expect(ownKeys()).toEqual(keys)
})
