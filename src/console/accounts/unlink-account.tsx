import { useMutation } from '@apollo/client/react'

import { failuresOf } from '../graph/failures.js'
import { Confirmed } from '../parts/confirmed.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import type { Account } from './account.js'
import { dialogWords } from './dialog-words.js'
import { ConsoleUnlinkAccountDocument } from './generated/graphql.js'
import { userErrors } from './user-errors.js'
import { words } from './words.js'

interface Props {
  readonly account: Account
  onUnlinked(): void
}

/** Forgets an account, after asking; only one that was linked, as those of the file are changed there. */
export function UnlinkAccount({ account, onUnlinked }: Props) {
  const said = useWords(dialogWords)
  const { unlink: name } = useWords(words)
  const meaning = useWords(codes)
  const complaints = useWords(userErrors)
  const [unlink] = useMutation(ConsoleUnlinkAccountDocument)
  if (!account.linked) return null
  const forget = async () => {
    const { data, error } = await unlink({ variables: { id: account.id } })
    const [wrong] = data?.accountUnlink.userErrors ?? []
    const [failure] = failuresOf(error)
    if (wrong) return complaints[wrong.code]
    return failure ? codeIn(meaning, failure.code) : null
  }
  return (
    <Confirmed
      name={name}
      title={said.unlinkTitle(account.label)}
      question={said.unlinkHint}
      answer={name}
      act={forget}
      onDone={onUnlinked}
    />
  )
}
