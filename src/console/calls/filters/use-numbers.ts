import { useEffect, useState } from 'react'

import { client } from '../../graph/client.js'
import { ConsoleSpellingDocument } from '../generated/graphql.js'

/**
 * The numbers that a spelling may mean: without a country code, one in each country of the accounts.
 * Null: not known yet; empty: it is no number anywhere. `countries`: null until they are known.
 */
export function useNumbers(typed: string, countries: readonly string[] | null): readonly string[] | null {
  const [known, setKnown] = useState<{ readonly of: string; readonly numbers: readonly string[] } | null>(null)
  const whole = /^(\+|00)/.test(typed)
  const asked = whole ? typed.replace(/^00/, '+') : typed
  const where = whole ? '' : (countries?.join() ?? null)
  const key = `${asked} ${where}`
  useEffect(() => {
    if (asked === '' || where === null) return
    let isWanted = true
    const ask = async (country: string) => {
      const variables = { spelling: asked, country: country || null }
      const { data } = await client.query({ query: ConsoleSpellingDocument, variables }).catch(() => ({ data: null }))
      return data?.phoneNumber?.number ?? []
    }
    void Promise.all(where.split(',').map(ask)).then(
      (found) => isWanted && setKnown({ of: key, numbers: [...new Set(found.flat())] }),
    )
    return () => {
      isWanted = false
    }
  }, [asked, where, key])
  if (typed === '') return NONE
  return known?.of === key ? known.numbers : null
}

const NONE: readonly string[] = []
