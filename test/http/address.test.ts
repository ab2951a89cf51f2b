import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'

import { ByOrigin, isOfOrigin, pathOf, targetOf } from '../../src/http/address.js'
import { cases } from '../support/proof.js'

const parts = [
  'http://',
  'https://',
  'HTTP://',
  'http:',
  'pbx.example',
  'PBX.Example',
  '127.0.0.1',
  '0x7f.1',
  '[::1]',
  ':80',
  ':443',
  ':8080',
  '/',
  '//',
  'v1',
  '.',
  '..',
  '%2e',
  '%2E%2e',
  '%7E',
  '?',
  '#',
  '&',
  '=',
  'a b',
  '"',
  "'",
  '\\',
  '\t',
  '@',
  'user:pw@',
  'ç',
  '|',
  '^',
  '{',
  '<',
  '`',
  '~',
  '*',
  '$',
]

const address = fc.oneof(
  fc.webUrl({ withQueryParameters: true, withFragments: true }),
  fc
    .tuple(fc.constantFrom('http://', 'https://'), fc.array(fc.constantFrom(...parts), { maxLength: 10 }))
    .map(([scheme, rest]) => scheme + rest.join('')),
  fc.array(fc.constantFrom(...parts), { maxLength: 8 }).map((all) => all.join('')),
)

/** Null for what is no address. */
function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

describe('an address', () => {
  test('has the path and the query that a URL gives it', () => {
    fc.assert(
      fc.property(address, (text) => {
        const url = parsed(text)
        if (!url || !/^https?:$/.test(url.protocol)) return
        expect(targetOf(text)).toBe(url.pathname + url.search)
        expect(pathOf(text)).toBe(url.pathname)
      }),
      { numRuns: cases(5_000) },
    )
  })

  test.each([
    ['http://pbx.example/a', '/a'],
    ['http://pbx.example/a?', '/a'],
    ['http://pbx.example', '/'],
    ['http://pbx.example/a/../b?c=d#e', '/b?c=d'],
    ['http://pbx.example/%2e%2e/b', '/b'],
    ['http:////pbx.example/b', '/b'],
    ['http:\\\\pbx.example\\b', '/b'],
    ['http://user@pbx.example/b', '/b'],
    ['http://pbx.example/a b?c d', '/a%20b?c%20d'],
  ])('%s is sent as %s', (text, target) => expect(targetOf(text)).toBe(target))

  test('is of an origin where a URL says so, and of no other that begins alike', () => {
    const origins = ['https://pbx.example', 'https://pbx.example:8443', 'http://127.0.0.1']
    fc.assert(
      fc.property(
        address,
        fc.constantFrom(...origins),
        fc.constantFrom('', '.evil', ':8443', '@evil', '\\'),
        (text, origin, more) => {
          for (const one of [text, `${origin}${more}/path`, `${origin}${more}`]) {
            const url = parsed(one)
            if (url) expect(isOfOrigin(one, [origin])).toBe(url.origin === origin)
          }
        },
      ),
      { numRuns: cases(2_000) },
    )
  })
})

test('what belongs to an origin is made once, and given for its addresses alone', () => {
  fc.assert(
    fc.property(fc.array(address, { minLength: 1, maxLength: 20 }), (texts) => {
      const made: string[] = []
      const hosts = new ByOrigin(({ host, origin }) => {
        made.push(origin)
        return host
      })
      for (const text of texts) {
        const url = parsed(text)
        if (!url || !/^https?:$/.test(url.protocol)) continue
        expect(hosts.of(text)).toBe(url.host)
        expect(hosts.of(`${url.origin}/again?and=again`)).toBe(url.host)
      }
      expect(new Set(made).size).toBe(made.length)
    }),
    { numRuns: cases(1_000) },
  )
})
