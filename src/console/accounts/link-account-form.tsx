import { useMutation } from '@apollo/client/react'
import { useState, type FormEvent } from 'react'

import { failuresOf } from '../graph/failures.js'
import { Button } from '../parts/button.js'
import { Choice } from '../parts/choice.js'
import { Field } from '../parts/field.js'
import { useWork } from '../parts/work.js'
import { codeIn, codes } from '../words/codes.js'
import { useWords } from '../words/use-words.js'
import { BlockedConsent, openConsent, showConsent } from './consent.js'
import { dialogWords } from './dialog-words.js'
import {
  ConsoleBeginLoginDocument,
  ConsoleLinkAccountDocument,
  type AccountUserErrorCode,
  type AuthFlow,
  type ConsoleProvidersQuery,
} from './generated/graphql.js'
import {
  addressesIn,
  CREDENTIALS,
  credentialsOf,
  fieldOf,
  filledIn,
  isNeeded,
  keyOf,
  NOTHING_TYPED,
  SECRET,
  type Credential,
  type Typed,
} from './link-form.js'
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
  const [blocked, setBlocked] = useState<string | null>(null)
  const [link] = useMutation(ConsoleLinkAccountDocument)
  const [begin] = useMutation(ConsoleBeginLoginDocument)
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
    const page = openConsent()
    const input = { ...named, ...filledIn(typed, ['clientId', 'clientSecret']) }
    const { data, error } = await begin({ variables: { input } })
    const { authorizeUrl, userErrors: errors } = data?.accountAuthorizationBegin ?? {}
    const isShown = showConsent(page, authorizeUrl)
    if (authorizeUrl && !isShown) return setBlocked(authorizeUrl)
    end(errors, error)
  }
  const linkNow = async () => {
    const isActing = flow === 'TOKEN_EXCHANGE'
    const input = {
      ...{ ...named, flow, credentials: credentialsOf(typed, flow) },
      ...(isActing && filledIn(typed, ['impersonate'])),
    }
    const { data, error } = await link({ variables: { input } })
    end(data?.accountLink.userErrors, error)
  }
  const { isBusy, start } = useWork(() => (isConsent ? askConsent() : linkNow()))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (addresses === null) return
    setBlocked(null)
    start()
  }

  const errorOf = (name: string): string | null => {
    const found = wrong.find(({ field }) => fieldOf(field) === name)
    return found ? complaints[found.code] : null
  }
  const asked: readonly string[] = [...CREDENTIALS[flow], ...(flow === 'TOKEN_EXCHANGE' ? ['impersonate'] : [])]
  const isBeside = (name: string | undefined) => name !== undefined && ['label', 'key', 'urls', ...asked].includes(name)
  // What stands beside no field that is shown.
  const general = wrong.find(({ field }) => !isBeside(fieldOf(field)))
  const field = (name: Credential | 'impersonate', isRequired: boolean) => (
    <Field
      key={name}
      label={said[name]}
      type={SECRET.has(name) ? 'password' : 'text'}
      autoComplete="off"
      value={typed[name]}
      onChange={type(name)}
      isRequired={isRequired}
      {...(!isRequired && { hint: said.optionalHint })}
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
      {CREDENTIALS[flow].map((name) => field(name, isNeeded(flow, name)))}
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
      {blocked !== null && <BlockedConsent address={blocked} onOpened={onDone} />}
      <div className="dialog-end">
        <Button type="submit" look="primary" isPending={isBusy}>
          {isConsent ? said.consent : said.link}
        </Button>
      </div>
    </form>
  )
}
