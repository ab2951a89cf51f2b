import fc from 'fast-check'

const SURROGATES = { first: 0xd800, count: 0x800 }
const LAST = 0x10_ffff

/**
 * One code point of Unicode, surrogates excepted. What `unit: 'binary'` of fast-check is, which makes a table of all 1,112,064 of them
 * where it is used first: a second, and 100 MB, for each suite.
 */
const codePoint = fc.integer({ min: 0, max: LAST - SURROGATES.count }).map(
  (place) => String.fromCodePoint(place < SURROGATES.first ? place : place + SURROGATES.count),
  (text) => {
    const code = typeof text === 'string' ? text.codePointAt(0) : undefined
    if (code === undefined || text !== String.fromCodePoint(code)) throw new TypeError('Not one code point')
    if (code < SURROGATES.first) return code
    if (code < SURROGATES.first + SURROGATES.count) throw new TypeError('Half a surrogate pair')
    return code - SURROGATES.count
  },
)

/** Texts of any code points, and the words that are dangerous as names of properties. */
export const anyText = (): fc.Arbitrary<string> => fc.string({ unit: codePoint })
