import type { Random } from '../random.js'
import type { OfficeName } from '../story.js'
import { names } from './names.js'
import { outsideNumber } from './numbers.js'

export type Country = keyof typeof outsideNumber

/** Somebody outside the company. */
export interface Subscriber {
  readonly number: string
  readonly name: string | null
  readonly country: Country
}

export interface Subscribers {
  /** About 30 customers known to all offices. */
  readonly regulars: readonly Subscriber[]
  /** A known customer, or a stranger. */
  pick(office: OfficeName, random: Random): Subscriber
}

const regularsOf: Readonly<Record<Country, number>> = { TR: 14, CZ: 11, DE: 5 }
const passersBy = 600
const home: Readonly<Record<OfficeName, Country>> = { izmir: 'TR', prague: 'CZ', ankara: 'TR' }
const germans = ['Seglerbedarf Krüger', 'Yachtschule Größer', 'Müller Bootsbau', 'Hafen Köln', 'Anja Weiß']

/** The outside parties; shared by all offices, so that one subscriber appears in two dialects. */
export function createSubscribers(random: Random): Subscribers {
  const nameIn = (country: Country, index: number): string => {
    if (country === 'DE') return germans[index % germans.length] as string
    const { women, families } = names[country === 'TR' ? 'izmir' : 'prague']
    return `${random.pick(women)} ${random.pick(families)[0]}`
  }
  const regulars = (Object.keys(regularsOf) as Country[]).flatMap((country) =>
    Array.from({ length: regularsOf[country] }, (_, index) => ({
      number: outsideNumber[country](index),
      name: nameIn(country, index),
      country,
    })),
  )
  const regularsOfOffice = {
    izmir: regulars.filter(({ country }) => country === home.izmir),
    prague: regulars.filter(({ country }) => country === home.prague),
    ankara: regulars.filter(({ country }) => country === home.ankara),
  }
  return {
    regulars,
    pick(office, draw) {
      if (draw.chance(0.4)) return draw.pick(draw.chance(0.7) ? regularsOfOffice[office] : regulars)
      const country = draw.chance(0.93) ? home[office] : 'DE'
      const index = regularsOf[country] + draw.whole(0, passersBy - 1)
      return { number: outsideNumber[country](index), name: null, country }
    },
  }
}
