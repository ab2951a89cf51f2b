import { createHash } from 'node:crypto'

export type ConnectPage =
  'linked' | 'already' | 'declined' | 'too late' | 'try again' | 'refused' | 'nothing begun' | 'unknown account'

/** What may be said of the account on a page; texts come from the configuration and are escaped. */
export interface PageAccount {
  readonly label: string
  readonly provider: string
  /** Path that begins the login again. */
  readonly again: string
}

interface Text {
  readonly title: string
  readonly say: (account: PageAccount | null) => string
  readonly again: boolean
}

const named = (account: PageAccount | null) => (account ? `“${account.label}” (${account.provider})` : 'Your account')

/** One text for whatever was wrong with a callback: who forged it learns nothing from the answer. */
const REFUSED: Text = {
  title: 'This login could not be completed',
  say: () =>
    'Nothing was changed. Please begin again from the link you were given, and finish in the same browser within ten minutes.',
  again: true,
}

const TEXTS: Readonly<Record<ConnectPage, Text>> = {
  linked: {
    title: 'Linked',
    say: (account) => `${named(account)} is linked. You can close this window.`,
    again: false,
  },
  already: {
    title: 'Already linked',
    say: (account) => `${named(account)} is linked already. You can close this window.`,
    again: false,
  },
  declined: {
    title: 'Not linked',
    say: (account) => `Access to ${named(account)} was not given, and nothing was changed.`,
    again: true,
  },
  'too late': {
    title: 'Too late',
    say: () => 'This login took longer than ten minutes. Nothing was changed.',
    again: true,
  },
  'try again': {
    title: 'Not linked yet',
    say: (account) => `The provider of ${named(account)} did not answer as it should. Please try again in a moment.`,
    again: true,
  },
  refused: REFUSED,
  'nothing begun': {
    title: 'No login is under way',
    say: () => 'Please open the link you were given.',
    again: false,
  },
  'unknown account': {
    title: 'Nothing to link here',
    say: () => 'There is no account at this address whose login is made in a browser.',
    again: false,
  },
}

const STYLE =
  'body{font:18px/1.5 system-ui,sans-serif;max-width:32rem;margin:18vh auto;padding:0 1.5rem;color:#1c2530;background:#f7f8fa}h1{font-size:1.6rem}a{color:#0b57d0}'

/** Nothing but the page's own style: no script, no frame, no form, no other host. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`

/** A plain page that a customer understands; an unknown `shown` is the page of a refusal. */
export function connectPage(shown: string, account: PageAccount | null): string {
  const { title, say, again } = TEXTS[shown as ConnectPage] ?? REFUSED
  const link = again && account ? `<p><a href="${escape(account.again)}">Try again</a></p>` : ''
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${STYLE}</style></head><body><main><h1>${escape(title)}</h1><p>${escape(say(account))}</p>${link}</main></body></html>`
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
