import { describe, expect, test } from '@jest/globals'

import { isText } from '../../../src/http/wire/is-text.js'

const repeated = (...values: number[]) =>
  Buffer.from(Array.from({ length: 600 }, (_, at) => values[at % values.length]!))

describe('the beginning of a body', () => {
  test.each([
    ['a page', Buffer.from('<!DOCTYPE html><html>')],
    ['a page in an older charset', Buffer.from('  <html><title>Sayfa bulunamad\xfd', 'latin1')],
    ['a page behind a byte order mark', Buffer.from('\ufeff<html>')],
    ['JSON', Buffer.from('{"error":"not found"}')],
    ['words', Buffer.from('No such recording')],
    ['words in Czech, cut off within a letter', Buffer.from('Nahrávka neexistuje ř').subarray(0, -1)],
    ['nothing', Buffer.alloc(0)],
  ])('%s is a text', (_what, bytes) => {
    expect(isText(bytes)).toBe(true)
  })

  test.each([
    ['silence in µ-law', repeated(0xff)],
    ['almost silence in µ-law', repeated(0xff, 0x7f, 0xfe, 0x7e)],
    ['silence in A-law', repeated(0xd5)],
    ['a constant in A-law that is also a letter', repeated(0x55)],
    ['almost silence in A-law', repeated(0x55, 0xd5, 0x54, 0xd4)],
    ['silence in PCM', repeated(0)],
    ['GSM', repeated(0xd2, 0x4c, 0xa2, 0xe1, 0x5a)],
    ['WebM', Buffer.from([0x1a, 0x45, 0xdf, 0xa3, 0x9f, 0x42, 0x86, 0x81, 0x01])],
    ['MP4', Buffer.from('\0\0\0\x20ftypM4A ', 'latin1')],
  ])('%s is no text', (_what, bytes) => {
    expect(isText(bytes)).toBe(false)
  })
})
