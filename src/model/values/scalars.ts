import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql'

import { isInternational, toE164 } from './phone-number.js'

/**
 * A scalar whose values are text. Output is printed as it is, because mappers write the canonical
 * form; input is checked and made canonical, and refused with a GraphQLError.
 */
function textScalar(
  name: string,
  description: string,
  parse: (text: string) => string | null,
  specifiedByURL?: string,
) {
  const parseValue = (value: unknown): string => {
    const parsed = typeof value === 'string' ? parse(value) : null
    if (parsed !== null) return parsed
    const expected = description[0]!.toLowerCase() + description.slice(1)
    throw new GraphQLError(`"${name}" cannot read this value: expected ${expected}`)
  }
  return new GraphQLScalarType<string, string>({
    name,
    description,
    specifiedByURL,
    serialize: (value) => value as string,
    parseValue,
    parseLiteral: (node: ValueNode) => parseValue(node.kind === Kind.STRING ? node.value : undefined),
  })
}

const OFFSET_DATE_TIME = /^((\d{4}-\d{2}-\d{2})T\d{2}:\d{2}:\d{2})(?:\.(\d+))?(Z|[+-]\d{2}:\d{2})$/
/** Texts of one length, whose order is that of time. */
const EARLIEST = '0000-01-01T00:00:00.000Z'
const LATEST = '9999-12-31T23:59:59.999Z'

/**
 * Finer than a millisecond becomes the next one, so that every moment in milliseconds stays on its
 * side of a bound; what lies beyond four digits of a year becomes the first or last moment.
 */
function canonicalDateTime(text: string): string | null {
  const [, seconds, day, fraction = '', offset] = OFFSET_DATE_TIME.exec(text) ?? []
  if (seconds === undefined || !isOnCalendar(day!)) return null
  const time = Date.parse(`${seconds}${offset}`)
  if (Number.isNaN(time) || seconds.slice(11, 13) === '24') return null
  const milliseconds = Number(fraction.slice(0, 3).padEnd(3, '0')) + (/[1-9]/.test(fraction.slice(3)) ? 1 : 0)
  const bounded = Math.min(Math.max(time + milliseconds, Date.parse(EARLIEST)), Date.parse(LATEST))
  return new Date(bounded).toISOString()
}

/** `Date.parse` makes 2 March of 30 February, which is then another day. */
function isOnCalendar(day: string): boolean {
  const midnight = Date.parse(`${day}T00:00:00Z`)
  return !Number.isNaN(midnight) && new Date(midnight).toISOString().startsWith(day)
}

/** By the rule for what providers send; with a plus sign the country it is written in does not matter. */
const canonicalPhoneNumber = (text: string): string | null => (isInternational(text) ? toE164(text, ANY_COUNTRY) : null)

const ANY_COUNTRY = 'TR'

/** ISO 8601 in UTC with milliseconds, as `Date.toISOString` writes it. */
export const DateTime = textScalar(
  'DateTime',
  'A moment in time, ISO 8601 with an offset, for example 2026-02-11T08:31:07.000Z.',
  canonicalDateTime,
  'https://scalars.graphql.org/andimarek/date-time',
)

export const PhoneNumber = textScalar(
  'PhoneNumber',
  'A phone number in E.164 with the leading plus sign, for example +902322290000.',
  canonicalPhoneNumber,
  'https://www.itu.int/rec/T-REC-E.164',
)

export const Decimal = textScalar('Decimal', 'An exact decimal number as a string, for example "118.40".', (text) =>
  /^-?\d+(\.\d+)?$/.test(text) ? text : null,
)

export const CurrencyCode = textScalar('CurrencyCode', 'An ISO 4217 currency code, for example TRY.', (text) =>
  /^[A-Z]{3}$/.test(text) ? text : null,
)

export const LocalTime = textScalar('LocalTime', 'A time on the wall clock, HH:MM.', (text) =>
  /^([01]\d|2[0-3]):[0-5]\d$/.test(text) ? text : null,
)

export const TimeZone = textScalar('TimeZone', 'An IANA time zone name, for example Europe/Istanbul.', (text) =>
  /^[A-Za-z]+(\/[A-Za-z0-9_+-]+)*$/.test(text) ? text : null,
)

export const URL = textScalar('URL', 'An absolute web address.', (text) =>
  globalThis.URL.canParse(text) ? text : null,
)

/** Any JSON value, read and printed as it is: a provider's payload, or settings of one provider. */
export const JSON = new GraphQLScalarType({
  name: 'JSON',
  description: "Any JSON value, for example a provider's own payload.",
})
