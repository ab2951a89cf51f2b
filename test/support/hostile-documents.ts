/**
 * Documents that cost a careless server far more than their sender. Each is one attack of a chosen
 * size.
 */

const times = (count: number, part: (at: number) => string): string =>
  Array.from({ length: count }, (_, at) => part(at)).join(' ')

/** Nested fields that lead back to where they began. */
export const deep = (levels: number): string =>
  `{ dids { nodes { ${'account { dids { nodes { '.repeat(levels)} id ${'} } }'.repeat(levels)} } } }`

export const aliases = (count: number): string => `{ viewer { ${times(count, (at) => `a${at}: name`)} } }`

export const rootAliases = (count: number): string => `{ ${times(count, (at) => `a${at}: viewer { name }`)} }`

export const sameField = (count: number): string => `{ viewer { ${'name '.repeat(count)} } }`

export const sameFieldAtRoot = (count: number): string => `query { ${'__typename '.repeat(count)} }`

/** Validation compares every pair of these, and everything below them. */
export const overlapping = (count: number): string => `{ accounts { ${'nodes { provider { id } } '.repeat(count)} } }`

export const conflicting = (count: number): string =>
  `{ viewer { ${times(count, (at) => `a: ${['name', 'workspace', 'scopes'][at % 3]}`)} } }`

export const fragmentChain = (count: number): string =>
  `{ viewer { ...F0 } } ${times(count, (at) => `fragment F${at} on Viewer { name ${at + 1 < count ? `...F${at + 1} ...F${at + 1}` : ''} }`)}`

/** Doubles in size at every step. */
export const fragmentsThatDouble = (steps: number): string =>
  `{ accounts { nodes { ...F0 } } } ${times(
    steps,
    (at) =>
      `fragment F${at} on Account { dids { nodes { account { ...F${at + 1} } } } groups { nodes { account { ...F${at + 1} } } } }`,
  )} fragment F${steps} on Account { id }`

export const fragmentCycle = (length: number): string =>
  `{ accounts { nodes { ...F0 } } } ${times(
    length,
    (at) => `fragment F${at} on Account { dids { nodes { account { ...F${(at + 1) % length} } } } }`,
  )}`

export const fragmentThatSpreadsItself = (): string =>
  '{ viewer { ...A } } fragment A on Viewer { name ...B } fragment B on Viewer { ...A }'

export const manyFragments = (count: number): string =>
  `{ viewer { ${times(count, (at) => `...F${at}`)} } } ${times(count, (at) => `fragment F${at} on Viewer { name }`)}`

export const inlineFragments = (count: number): string =>
  `{ viewer { ${'... { '.repeat(count)} name ${'}'.repeat(count)} } }`

export const directives = (count: number): string => `{ viewer { name ${'@skip(if: false) '.repeat(count)} } }`

export const unknownDirectives = (count: number): string => `{ viewer { name ${times(count, (at) => `@a${at}`)} } }`

export const skippedByVariable = (count: number): string =>
  `query($s: Boolean = true) { viewer { ${'name @skip(if: $s) '.repeat(count)} } }`

export const deepValue = (levels: number): string =>
  `{ callRecords(first: 1, filter: ${'{ a: '.repeat(levels)} 1 ${'}'.repeat(levels)}) { totalCount } }`

export const longValue = (count: number): string => `{ nodes(ids: [${'"a" '.repeat(count)}]) { id } }`

export const manyVariables = (count: number): string =>
  `query(${times(count, (at) => `$v${at}: Int`)}) { viewer { name } }`

export const manyOperations = (count: number): string => times(count, (at) => `query Q${at} { viewer { name } }`)

export const commas = (count: number): string => `{ viewer { name ${','.repeat(count)} } }`

/** All of them by name: small enough for the limit on bytes, large enough to exceed another. */
export const HOSTILE_DOCUMENTS: Readonly<Record<string, string>> = {
  'sixteen levels': deep(5),
  'a hundred levels': deep(33),
  'ten thousand levels': deep(3_333),
  'thirty-one aliases': aliases(31),
  'ten thousand aliases': aliases(10_000),
  'twenty-one aliases at the root': rootAliases(21),
  'a thousand times the same field': sameField(1_000),
  'forty thousand times the same field': sameField(40_000),
  'a thousand times the same field at the root': sameFieldAtRoot(1_000),
  'hundreds of fields to be compared': overlapping(280),
  'hundreds of fields that conflict': conflicting(600),
  'a chain of fragments': fragmentChain(140),
  'fragments that double': fragmentsThatDouble(40),
  'fragments in a circle': fragmentCycle(40),
  'a fragment that spreads itself': fragmentThatSpreadsItself(),
  'a crowd of fragments': manyFragments(180),
  'fragments within one another': inlineFragments(490),
  'a thousand directives': directives(1_000),
  'fifty-one directives': directives(51),
  'unknown directives': unknownDirectives(400),
  'ten thousand fields skipped by a variable': skippedByVariable(10_000),
  'a hundred fields skipped by a variable': skippedByVariable(102),
  'a value within a value': deepValue(480),
  'thousands of ids': longValue(20_000),
  'hundreds of variables': manyVariables(380),
}
