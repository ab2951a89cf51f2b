import { test } from '@jest/globals'

// @ts-expect-error Nothing is there, and the run must say so.
import { nothing } from './nothing.js'

test('is never run', () => nothing)
