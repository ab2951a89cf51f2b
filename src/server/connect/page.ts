import { hash } from 'node:crypto'

export type ConnectPage =
  | 'linked'
  | 'already'
  | 'declined'
  | 'too late'
  | 'try again'
  | 'refused'
  | 'nothing begun'
  | 'unknown account'
  | 'ask for a link'

/** What a page shows of the account; its texts come from the configuration and are escaped. */
export interface PageAccount {
  readonly label: string
  readonly provider: string
  /** Path that restarts the login. */
  readonly again: string
}

interface Text {
  readonly title: string
  readonly say: (account: PageAccount | null) => string
  readonly again: boolean
}

const nameOf = (account: PageAccount | null) => (account ? `“${account.label}” (${account.provider})` : 'Your account')

/** The same text whatever was wrong with a callback, so that a forged one reveals nothing. */
const REFUSED: Text = {
  title: 'This login could not be completed',
  say: () =>
    'Nothing was changed. Please begin again from the link you were given, and finish in the same browser within ten minutes.',
  again: true,
}

const TEXTS: Readonly<Record<ConnectPage, Text>> = {
  linked: {
    title: 'Linked',
    say: (account) => `${nameOf(account)} is linked. You can close this window.`,
    again: false,
  },
  already: {
    title: 'Already linked',
    say: (account) => `${nameOf(account)} is linked already. You can close this window.`,
    again: false,
  },
  declined: {
    title: 'Not linked',
    say: (account) => `Access to ${nameOf(account)} was not given, and nothing was changed.`,
    again: true,
  },
  'too late': {
    title: 'Too late',
    say: () => 'This login took longer than ten minutes. Nothing was changed.',
    again: true,
  },
  'try again': {
    title: 'Not linked yet',
    say: (account) => `The provider of ${nameOf(account)} did not answer as it should. Please try again in a moment.`,
    again: true,
  },
  refused: REFUSED,
  'nothing begun': {
    title: 'No login is under way',
    say: () => 'Please open the link you were given.',
    again: false,
  },
  'ask for a link': {
    title: 'This needs a fresh link',
    say: () =>
      'Logins are begun with a link that is good for ten minutes. Whoever may manage the accounts here can make one for you.',
    again: false,
  },
  'unknown account': {
    title: 'Nothing to link here',
    say: () => 'There is no account at this address whose login is made in a browser.',
    again: false,
  },
}

/** A centred card, also for phones and dark mode; green at its edge when the account is linked. */
const STYLE = [
  ':root{color-scheme:light dark}',
  'body{font:17px/1.55 system-ui,sans-serif;margin:0;min-height:100vh;display:grid;place-items:center;color:#1c2530;background:#eef1f5}',
  'main{box-sizing:border-box;width:min(32rem,calc(100vw - 2rem));padding:1.75rem 2rem 2rem;border-radius:12px;border-top:5px solid #b3541e;background:#fff}',
  'main.done{border-top-color:#1a7f4b}',
  'h1{font-size:1.5rem;line-height:1.25;margin:0 0 .75rem}',
  'p{margin:0;overflow-wrap:anywhere}',
  'a{display:inline-block;margin-top:1.25rem;padding:.5rem 1.1rem;border-radius:8px;color:#fff;background:#0b57d0;text-decoration:none}',
  'a:focus-visible{outline:3px solid #7aa7f0;outline-offset:2px}',
  '@media(prefers-color-scheme:dark){body{color:#e6eaf0;background:#14181d}main{background:#1e242c}}',
].join('')

/** Allows the page's own style sheet and nothing else. */
export const PAGE_POLICY = `default-src 'none'; style-src 'sha256-${hash('sha256', STYLE, 'base64')}'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'`

/** The page in HTML; an unknown `shown` is the page of a refusal. */
export function connectPage(shown: string, account: PageAccount | null): string {
  const { title, say, again } = TEXTS[shown as ConnectPage] ?? REFUSED
  const done = shown === 'linked' || shown === 'already' ? ' class="done"' : ''
  const link = again && account ? `<p><a href="${escape(account.again)}">Try again</a></p>` : ''
  return `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escape(title)}</title><style>${STYLE}</style></head><body><main${done}><h1>${escape(title)}</h1><p>${escape(say(account))}</p>${link}</main></body></html>`
}

const escape = (text: string) => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
