import type { OfficeName } from '../story.js'

/**
 * Phone numbers of the story, E.164. All are possible numbers in ranges that are not assigned:
 * Turkish subscriber numbers do not begin with 0, 600 is no Czech mobile prefix, 910 000 000 is the
 * first of the Czech VoIP block, and +49 30 23125 is reserved in Germany for films and books.
 */
const digits = (value: number, length: number) => String(value).padStart(length, '0')

export const didNumber: Readonly<Record<OfficeName, (index: number) => string>> = {
  izmir: (index) => `+90232000${digits(41 + index, 4)}`,
  prague: (index) => `+420910000${digits(341 + index, 3)}`,
  ankara: (index) => `+90312000${digits(61 + index, 4)}`,
}

export const mobileNumber: Readonly<Record<OfficeName, (index: number) => string>> = {
  izmir: (index) => `+90555000${digits(1001 + index, 4)}`,
  prague: (index) => `+420600000${digits(101 + index, 3)}`,
  ankara: (index) => `+90555000${digits(2001 + index, 4)}`,
}

export const outsideNumber = {
  TR: (index: number) => `+90555000${digits(5001 + index, 4)}`,
  CZ: (index: number) => `+420600005${digits(1 + index, 3)}`,
  DE: (index: number) => `+493023125${digits(1 + index, 3)}`,
}
