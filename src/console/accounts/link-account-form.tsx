import { useMutation } from '@apollo/client/react'
import { useState, type FormEvent } from 'react'

import { failuresOf } from '../graph/failures.js'
import { Button } from '../parts/button.js'
import { Choice } from '../parts/choice.js'
import { Field } from '../parts/field.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import { dialogWords } from './dialog-words.js'
import {
  ConsoleBeginLoginDocument,
  ConsoleLinkAccountDocument,
  type AccountUserErrorCode,
  type AuthFlow,
  type ConsoleProvidersQuery,
} from './generated/graphql.js'
import { addressesIn, CREDENTIALS, filledIn, keyOf, NOTHING_TYPED, SECRET, type Typed } from './link-form.js'
import { userErrors } from './user-errors.js'
import { words } from './words.js'

interface Props {
  readonly providers: ConsoleProvidersQuery['providers']
  onDone(): void
}

interface Wrong {
  readonly field?: readonly string[] | null
  readonly code: AccountUserErrorCode
}

/** Links an account: by what its login needs, or by the consent of a person in a browser. */
export function LinkForm({ providers, onDone }: Props) {
  const said = useWords(dialogWords)
  const { flow: flowNames } = useWords(words)
  const meaning = useWords(codes)
  const complaints = useWords(userErrors)
  const [provider, setProvider] = useState(providers[0]!)
  const [flow, setFlow] = useState<AuthFlow>(provider.authFlows[0]!)
  const [typed, setTyped] = useState(NOTHING_TYPED)
  const [wrong, setWrong] = useState<readonly Wrong[]>([])
  const [failure, setFailure] = useState<string | null>(null)
  const [link, { loading: isLinking }] = useMutation(ConsoleLinkAccountDocument)
  const [begin, { loading: isBeginning }] = useMutation(ConsoleBeginLoginDocument)
  const isConsent = flow === 'OAUTH2_AUTHORIZATION_CODE'
  const addresses = addressesIn(typed.urls)

  const type = (name: keyof Typed) => (text: string) => setTyped((before) => ({ ...before, [name]: text }))
  const choose = (slug: string) => {
    const chosen = providers.find((one) => one.slug === slug)!
    setProvider(chosen)
    setFlow(chosen.authFlows[0]!)
  }
  const end = (errors: readonly Wrong[] | undefined, error: unknown) => {
    const [failed] = failuresOf(error)
    setWrong(errors ?? [])
    setFailure(failed ? codeIn(meaning, failed.code) : null)
    if (!failed && errors?.length === 0) onDone()
  }
  const named = {
    provider: provider.slug,
    key: typed.key || keyOf(typed.label),
    label: typed.label,
    ...(typed.urls.trim() !== '' && { urls: addresses }),
  }
  const askConsent = async () => {
    const page = window.open('', '_blank')
    const input = { ...named, ...filledIn(typed, CREDENTIALS[flow]) }
    const { data, error } = await begin({ variables: { input } })
    const { authorizeUrl, userErrors: errors } = data?.accountAuthorizationBegin ?? {}
    if (authorizeUrl && page) page.location.href = authorizeUrl
    else page?.close()
    end(errors, error)
  }
  const linkNow = async () => {
    const credentials = filledIn(typed, CREDENTIALS[flow])
    const input = { ...named, flow, credentials, ...filledIn(typed, ['impersonate']) }
    const { data, error } = await link({ variables: { input } })
    end(data?.accountLink.userErrors, error)
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (addresses !== null) void (isConsent ? askConsent() : linkNow())
  }

  const errorOf = (name: string): string | null => {
    const found = wrong.find(({ field }) => field?.at(-1) === name)
    return found ? complaints[found.code] : null
  }
  const general = wrong.find(({ field }) => !field?.some((name) => name in NOTHING_TYPED))
  const field = (name: keyof Typed, isRequired: boolean) => (
    <Field
      key={name}
      label={said[name]}
      type={SECRET.has(name) ? 'password' : 'text'}
      autoComplete="off"
      value={typed[name]}
      onChange={type(name)}
      isRequired={isRequired}
      error={errorOf(name)}
    />
  )
  return (
    <form className="stack" onSubmit={submit}>
      <Choice
        label={said.provider}
        value={provider.slug}
        options={providers.map(({ slug, name }) => ({ value: slug, name }))}
        onChange={choose}
      />
      <Choice
        label={said.flow}
        value={flow}
        options={provider.authFlows.map((value) => ({ value, name: flowNames[value] }))}
        onChange={(chosen) => setFlow(chosen)}
      />
      <Field
        label={said.label}
        hint={said.labelHint}
        value={typed.label}
        onChange={type('label')}
        isRequired
        error={errorOf('label')}
      />
      <Field
        label={said.key}
        hint={said.keyHint}
        value={typed.key || keyOf(typed.label)}
        onChange={type('key')}
        isRequired
        error={errorOf('key')}
      />
      {CREDENTIALS[flow].map((name) => field(name, !isConsent))}
      {flow === 'TOKEN_EXCHANGE' && field('impersonate', true)}
      <Field
        isLong
        label={said.urls}
        hint={said.urlsHint}
        value={typed.urls}
        onChange={type('urls')}
        error={addresses === null ? said.urlsWrong : errorOf('urls')}
      />
      {(failure ?? general) && (
        <p role="alert" className="complaint">
          {said.failed} {failure ?? complaints[general!.code]}
        </p>
      )}
      <div className="dialog-end">
        <Button type="submit" look="primary" isPending={isLinking || isBeginning}>
          {isConsent ? said.consent : said.link}
        </Button>
      </div>
    </form>
  )
}
