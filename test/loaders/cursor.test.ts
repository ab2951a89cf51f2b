import { describe, expect, test } from '@jest/globals'

import { CursorInvalid } from '../../src/errors.js'
import { cursorSigner } from '../../src/loaders/cursor.js'

const [OLD, NEW, OTHER] = [1, 2, 3].map((fill) => Buffer.alloc(32, fill)) as [Buffer, Buffer, Buffer]
const scope = { list: 'dids', workspace: 'default' }
const position = ['2026', 'office', 7]

describe('a cursor that was signed before a new key was put first', () => {
  const cursor = cursorSigner(OLD).sign(scope, position)

  test('is read for as long as the old key is among the keys', () => {
    expect(cursorSigner(NEW, OLD).read(scope, cursor)).toEqual(position)
    expect(cursorSigner(NEW, OTHER, OLD).read(scope, cursor)).toEqual(position)
    expect(() => cursorSigner(NEW, OTHER).read(scope, cursor)).toThrow(CursorInvalid)
  })

  test('is of no more use than any other', () => {
    expect(() => cursorSigner(NEW, OLD).read({ ...scope, workspace: 'theirs' }, cursor)).toThrow(CursorInvalid)
    expect(() => cursorSigner(NEW, OLD).read(scope, `${cursor.slice(0, -1)}A`)).toThrow(CursorInvalid)
  })
})

test('the first key signs, alone', () => {
  const cursor = cursorSigner(NEW, OLD).sign(scope, position)
  expect(cursor).toBe(cursorSigner(NEW).sign(scope, position))
  expect(() => cursorSigner(OLD).read(scope, cursor)).toThrow(CursorInvalid)
})
