import type { Member, ShownCall } from './members.js'

/** Excel takes a file without it for one of its own old code pages. */
const BYTE_ORDER_MARK = '\uFEFF'
const LINE_END = '\r\n'

/**
 * TYPED: times and numbers of ours, which a spreadsheet may take for what they are. TEXT: whatever
 * others write. JSON: lists and objects, as text.
 */
type Kind = 'TYPED' | 'TEXT' | 'JSON'
type Column = readonly [name: string, kind: Kind, read: (call: ShownCall) => unknown]

const PARTY = ['number', 'rawNumber', 'displayName', 'label'] as const
const NAMED = ['__typename', 'label', 'displayNumber'] as const
const TYPED: ReadonlySet<Member> = new Set([
  'fetchedAt',
  'startedAt',
  'answeredAt',
  'endedAt',
  'durationSeconds',
  'waitSeconds',
  'talkSeconds',
])

const part = (member: Member, name: string, kind: Kind = 'TEXT'): Column => [
  `${member}.${name}`,
  kind,
  (call) => (call[member] as Readonly<Record<string, unknown>> | null)?.[name],
]

function columnsOf(member: Member): readonly Column[] {
  switch (member) {
    case 'account':
      return ['id', 'key', 'label'].map((name) => part(member, name))
    case 'caller':
    case 'callee':
      return PARTY.map((name) => part(member, name))
    case 'cost':
      return [part(member, 'amount', 'TYPED'), part(member, 'currencyCode')]
    case 'did':
    case 'answeredBy':
      return NAMED.map((name) => part(member, name))
    case 'raw':
    case 'recordings':
    case 'groups':
    case 'legs':
      return [[member, 'JSON', (call) => call[member]]]
    default:
      return [[member, TYPED.has(member) ? 'TYPED' : 'TEXT', (call) => call[member]]]
  }
}

/** Calls as lines of a CSV file, RFC 4180. */
export function csvLines(members: readonly Member[]): { readonly head: string; line(call: ShownCall): string } {
  const columns = members.flatMap(columnsOf)
  return {
    head: `${BYTE_ORDER_MARK}${columns.map(([name]) => name).join(',')}${LINE_END}`,
    line: (call) => columns.map(([, kind, read]) => cell(read(call), kind)).join(',') + LINE_END,
  }
}

function cell(value: unknown, kind: Kind): string {
  if (value === null || value === undefined) return ''
  if (kind === 'JSON') return quoted(keptAsText(JSON.stringify(value)))
  const text = String(value)
  return quoted(kind === 'TYPED' && TYPED_TEXT.test(text) ? text : keptAsText(text))
}

/** A plain decimal, or a time of ISO 8601: no spreadsheet takes one for a formula, and nothing else stands bare. */
const TYPED_TEXT = /^(?:-?\d+(?:\.\d+)?|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d))$/

/** Empty text is quoted: without quotes, nothing is there. */
const quoted = (text: string) => (text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)

/**
 * An apostrophe stands before a text that does not begin with a letter, and so before whatever a
 * spreadsheet would take for a number, a date or a formula. A spreadsheet that divides lines at
 * semicolons or tabs begins a cell after each of them, hence there, too.
 */
export const keptAsText = (text: string): string =>
  ONE_CELL_WITH_LETTER.test(text) ? text : text.replace(CELL_WITHOUT_LETTER, "'")

/** The text that `keptAsText` was given. */
export const textOfCell = (kept: string): string => kept.replace(APOSTROPHE_OF_OURS, '')

/** Most texts, and found at once. */
const ONE_CELL_WITH_LETTER = /^\p{L}[^;\t\r\n]*$/u
const CELL_WITHOUT_LETTER = /(?<=^|[;\t\r\n])(?!\p{L}|$)/gu
const APOSTROPHE_OF_OURS = /(?<=^|[;\t\r\n])'/g
