import { useApolloClient } from '@apollo/client/react'

import { failuresOf } from '../graph/failures.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import { ConsoleDialledDocument, type ConsoleWriteErrorFragment } from './generated/graphql.js'
import { writeErrors } from './write-errors.js'

/** What a mutation came back with. */
interface Outcome {
  readonly userErrors?: readonly ConsoleWriteErrorFragment[] | undefined
  readonly error?: unknown
}

/** Says in words why nothing was done, with what the phone system said itself; null where it was done. */
export function useComplaint(): (outcome: Outcome) => string | null {
  const meaning = useWords(codes)
  const complaints = useWords(writeErrors)
  return ({ userErrors: [wrong] = [], error }) => {
    if (wrong) return [complaints[wrong.code], wrong.providerMessage].filter((text) => text != null).join(' ')
    const [failure] = failuresOf(error)
    return failure ? codeIn(meaning, failure.code) : null
  }
}

/** What the graph says of a spelling that is no number. */
const NO_NUMBER = 'BAD_USER_INPUT'

/** What a dialled number is: null where it is none; with an error it is not known. */
interface Dialled {
  readonly number: string | null
  readonly error?: unknown
}

/** Finds the number that somebody means who dials this in a country. */
export function useDialled(): (typed: string, country: string | undefined) => Promise<Dialled> {
  const client = useApolloClient()
  return async (typed, country) => {
    const spelling = typed.trim().replace(/^00/, '+')
    if (spelling === '') return { number: null }
    const { data, error } = await client.query({
      query: ConsoleDialledDocument,
      variables: { spelling, country: spelling.startsWith('+') ? null : country },
    })
    const isUnknown = failuresOf(error).some(({ code }) => code !== NO_NUMBER)
    return isUnknown ? { number: null, error } : { number: data?.phoneNumber?.number ?? null }
  }
}
