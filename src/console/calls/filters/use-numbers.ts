import { useEffect, useState } from 'react'

import { client } from '../../graph/client.js'
import { failuresOf } from '../../graph/failures.js'
import { ConsoleSpellingDocument } from '../generated/graphql.js'

/** What a spelling may mean. */
export interface MeantNumbers {
  /** Without a country code, one in each country of the accounts. Null: not known; empty: it is no number anywhere. */
  readonly numbers: readonly string[] | null
  /** Why it could not be asked what it means. */
  readonly error: unknown
  again(): void
}

/** The numbers that a spelling may mean. `countries`: null until they are known. */
export function useNumbers(typed: string, countries: readonly string[] | null): MeantNumbers {
  const [known, setKnown] = useState<(Pick<MeantNumbers, 'numbers' | 'error'> & { readonly of: string }) | null>(null)
  const [tries, setTries] = useState(0)
  const whole = /^(\+|00)/.test(typed)
  const asked = whole ? typed.replace(/^00/, '+') : typed
  const where = whole ? '' : (countries?.join() ?? null)
  const key = `${asked} ${where} ${tries}`
  useEffect(() => {
    if (asked === '' || where === null) return
    let isWanted = true
    void Promise.all(where.split(',').map((country) => numberIn(asked, country))).then((found) => {
      if (!isWanted) return
      const error = found.find((one) => one.error !== undefined)?.error
      const numbers = found.flatMap(({ number }) => number ?? [])
      setKnown({ of: key, error, numbers: error === undefined ? [...new Set(numbers)] : null })
    })
    return () => {
      isWanted = false
    }
  }, [asked, where, key])
  const again = () => setTries(tries + 1)
  if (typed === '') return { numbers: NONE, error: undefined, again }
  return known?.of === key ? { ...known, again } : { numbers: null, error: undefined, again }
}

/** What the graph says of a spelling that is no number. */
const NO_NUMBER = 'BAD_USER_INPUT'

/** The number that a spelling is in a country, or why nobody could be asked; neither where it is none. */
async function numberIn(spelling: string, country: string): Promise<{ number?: string | null; error?: unknown }> {
  const variables = { spelling, country: country || null }
  const { data, error } = await client
    .query({ query: ConsoleSpellingDocument, variables })
    .catch((error: unknown) => ({ data: undefined, error }))
  if (failuresOf(error).some(({ code }) => code !== NO_NUMBER)) return { error }
  return { number: data?.phoneNumber?.number ?? null }
}

const NONE: readonly string[] = []
