import { describe, expect, test } from '@jest/globals'

import { keysFor, signedText } from '../src/signed-text.js'

const [OLD, NEW, OTHER] = [1, 2, 3].map((fill) => Buffer.alloc(32, fill)) as [Buffer, Buffer, Buffer]
const VALUE = ['izmir', null, 1_770_814_800_000, 'İzmir 📞']
const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const LIMIT = { maximumLength: 200 }

describe('a signed text', () => {
  test.each([undefined, 16])('is read as it was written, with a signature of %s bytes', (signatureBytes) => {
    const texts = signedText([NEW], { ...LIMIT, ...(signatureBytes && { signatureBytes }) })
    expect(texts.read(texts.write(VALUE))).toEqual(VALUE)
    expect(texts.read(texts.write(null))).toBeNull()
  })

  // Three lengths: the last character of base64url has bits to spare in two of them.
  test.each(['a', 'ab', 'abc'])('is undefined when any of its characters was altered: %s', (value) => {
    const texts = signedText([NEW], LIMIT)
    const text = texts.write(value)
    const altered = [...text].flatMap((character, at) =>
      [...ALPHABET]
        .filter((other) => other !== character)
        .map((other) => text.slice(0, at) + other + text.slice(at + 1)),
    )
    expect(altered.filter((one) => texts.read(one) !== undefined)).toEqual([])
  })

  test('is read by nobody else when it is sealed, and is no longer for that', () => {
    const [plain, sealed] = [false, true].map((sealed) => signedText([OLD], { ...LIMIT, signatureBytes: 16, sealed }))
    const text = sealed!.write(VALUE, 'mine')
    expect(text).toHaveLength(plain!.write(VALUE, 'mine').length)
    expect(Buffer.from(text, 'base64url').subarray(16).toString('latin1')).not.toMatch(/izmir|null|[[,"]{2}/)
    expect(signedText([NEW, OLD], { ...LIMIT, signatureBytes: 16, sealed: true }).read(text, 'mine')).toEqual(VALUE)
    for (const read of [plain!.read(text, 'mine'), sealed!.read(text, 'theirs'), sealed!.read(plain!.write(VALUE))])
      expect(read).toBeUndefined()
  })

  test('is read with the scope it was written for, and with no other or none', () => {
    const texts = signedText([NEW], LIMIT)
    const scope = { list: 'dids', workspace: 'default' }
    const text = texts.write(VALUE, scope)
    expect(texts.read(text, { ...scope })).toEqual(VALUE)
    for (const other of [{ ...scope, workspace: 'theirs' }, null, undefined]) {
      expect(texts.read(text, other)).toBeUndefined()
    }
  })

  test('outlives the rotation of its key, and not the end of it', () => {
    const text = signedText([OLD], LIMIT).write(VALUE)
    expect(signedText([NEW, OTHER, OLD], LIMIT).read(text)).toEqual(VALUE)
    expect(signedText([NEW, OTHER], LIMIT).read(text)).toBeUndefined()
    expect(signedText([NEW, OLD], LIMIT).write(VALUE)).toBe(signedText([NEW], LIMIT).write(VALUE))
  })

  test('is undefined beyond the length that is read, and when it is no signature at all', () => {
    const texts = signedText([NEW], LIMIT)
    for (const text of ['', 'A', 'AAAA', texts.write('x'.repeat(200))]) expect(texts.read(text)).toBeUndefined()
  })
})

test('keys of two purposes sign differently, and those of one are the same in every process', () => {
  const text = signedText(keysFor('links', [OLD]), LIMIT).write(VALUE)
  expect(signedText(keysFor('links', [NEW, OLD]), LIMIT).read(text)).toEqual(VALUE)
  expect(signedText(keysFor('cursors', [OLD]), LIMIT).read(text)).toBeUndefined()
  expect(signedText(keysFor('links', []), LIMIT).read(text)).toBeUndefined()
})
