import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { LinkDisposition } from '../../../src/model/signed-link.js'
import { audioType, contentDisposition, UNKNOWN_TYPE } from '../../../src/server/recordings/audio-type.js'
import { anyText } from '../../support/any-text.js'

const bytes = (text: string, ...more: number[]) =>
  Buffer.concat([Buffer.from(text, 'latin1'), Buffer.from(more), Buffer.alloc(20)])

describe('the type of a recording', () => {
  test.each([
    ['Ogg', bytes('OggS\0'), 'audio/ogg'],
    ['MP3 with a tag', bytes('ID3\x04'), 'audio/mpeg'],
    ['MP3', bytes('', 0xff, 0xfb, 0x90), 'audio/mpeg'],
    ['MPEG-2.5', bytes('', 0xff, 0xe3, 0x18), 'audio/mpeg'],
    ['WAVE', bytes('RIFF\x24\0\0\0WAVE'), 'audio/wav'],
    ['another RIFF', bytes('RIFF\x24\0\0\0AVI '), UNKNOWN_TYPE],
    ['WAVE of more than 4 GB', bytes('RF64\xff\xff\xff\xffWAVE'), 'audio/wav'],
    ['AAC, which only looks like MPEG', bytes('', 0xff, 0xf1, 0x50), 'audio/aac'],
    ['WebM', bytes('', 0x1a, 0x45, 0xdf, 0xa3, 0x9f), 'audio/webm'],
    ['M4A', bytes('\0\0\0\x20ftypM4A '), 'audio/mp4'],
    ['MP4 of a browser', bytes('\0\0\0\x1cftypiso5'), 'audio/mp4'],
    ['3GP', bytes('\0\0\0\x18ftyp3gp4'), 'audio/mp4'],
    ['a picture in the same box', bytes('\0\0\0\x18ftypheic'), UNKNOWN_TYPE],
    ['FLAC', bytes('fLaC'), 'audio/flac'],
    ['AMR', bytes('#!AMR\n'), 'audio/amr'],
    ['AU', bytes('.snd'), 'audio/basic'],
    ['silence in µ-law without a header', Buffer.alloc(20, 0x7f), UNKNOWN_TYPE],
    ['set bits', Buffer.alloc(20, 0xff), UNKNOWN_TYPE],
    ['a page', bytes('<!DOCTYPE html>'), UNKNOWN_TYPE],
  ])('of %s is told by its bytes, whatever else is said', (_, beginning, type) => {
    for (const declared of ['audio/ogg', 'text/html', undefined]) expect(audioType(beginning, declared)).toBe(type)
  })

  test.each([
    ['audio/ogg', 'audio/ogg'],
    ['Audio/MPEG; rate=8000', 'audio/mpeg'],
    ['audio/wav', 'audio/wav'],
    ['audio/x-wav', 'audio/x-wav'],
    ['audio/basic', 'audio/basic'],
    ['video/webm; codecs=opus', 'audio/webm'],
    ['audio/x-m4a', 'audio/mp4'],
    ['audio/midi', UNKNOWN_TYPE],
    ['text/html', UNKNOWN_TYPE],
    ['image/svg+xml', UNKNOWN_TYPE],
    ['constructor', UNKNOWN_TYPE],
    [undefined, UNKNOWN_TYPE],
  ])('of a part without its beginning that calls itself %j is %s', (declared, type) => {
    for (const beginning of [null, Buffer.from('Og')]) expect(audioType(beginning, declared)).toBe(type)
  })
})

describe('the name of the file', () => {
  test.each([
    [
      '3c9e1a70-0000-4000-8000-00000000abcd',
      'audio/ogg',
      'inline; filename="3c9e1a70-0000-4000-8000-00000000abcd.ogg"',
    ],
    ['20260211-0931.mp3', 'audio/mpeg', 'inline; filename="20260211-0931.mp3"'],
    ['20260211-0931.mp3', 'audio/ogg', 'inline; filename="20260211-0931.ogg"'],
    ['../../etc/passwd', 'audio/ogg', 'inline; filename="etc_passwd.ogg"'],
    ['call.webm', 'audio/webm', 'inline; filename="call.webm"'],
    ['call.MP4', 'audio/mp4', 'inline; filename="call.m4a"'],
    ['20260211.ulaw', UNKNOWN_TYPE, 'attachment; filename="20260211.ulaw"'],
    ['20260211.sln16', UNKNOWN_TYPE, 'attachment; filename="20260211.sln16"'],
    ['20260211.ulaw', 'audio/wav', 'inline; filename="20260211.ulaw.wav"'],
    ['call.html', UNKNOWN_TYPE, 'attachment; filename="call.html.bin"'],
    ['"; x="', 'audio/wav', 'inline; filename="x_.wav"'],
    ['…', 'audio/x-wav', 'inline; filename="recording.wav"'],
  ] as const)('of %j as %s is safe: %s', (name, type, header) => {
    expect(contentDisposition(name, type, LinkDisposition.INLINE)).toBe(header)
    expect(contentDisposition(name, type, LinkDisposition.ATTACHMENT)).toBe(header.replace('inline', 'attachment'))
  })

  test('never leaves its header, its folder or its kind', () => {
    fc.assert(
      fc.property(anyText(), (name) => {
        expect(contentDisposition(name, UNKNOWN_TYPE, LinkDisposition.INLINE)).toMatch(
          /^attachment; filename="[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.\w+"$/,
        )
      }),
    )
  })
})
