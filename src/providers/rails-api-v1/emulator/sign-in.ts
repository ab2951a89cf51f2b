import { markedBytes } from '../../../emulator/marked-bytes.js'
import type { EmulatedResponse, EmulatedRequest, Route } from '../../../emulator/serve.js'
import type { Directory, User } from './directory.js'
import { escapeHtml, html, isObject, page, route, textOf } from './framework.js'
import type { RailsApiV1Knobs } from './knobs.js'

const cookieName = '_rails_api_template_session'

interface Session {
  userId: number | null
  /** The path to return to after signing in. */
  returnTo: string | null
}

/** Devise's sign-in pages and their sessions. */
export interface SignIn {
  readonly routes: readonly Route[]
  /** The signed-in user, or the redirect to the sign-in page. */
  userOf(request: EmulatedRequest): { readonly user: User } | { readonly redirect: EmulatedResponse }
  reset(): void
}

export function createSignIn(knobs: RailsApiV1Knobs, directory: Directory): SignIn {
  const sessions = new Map<string, Session>()
  const mayEnter = (user: User) => !knobs.adminOnlyLogin || user.role === 'admin'

  const show = route('GET', /\/users\/sign_in/, (request) => {
    const notice = request.query.get('alert') === 'inactive' ? 'Your account is not activated yet.' : null
    return html(form(notice))
  })

  const enter = route('POST', /\/users\/sign_in/, (request, parameters) => {
    const given = isObject(parameters['user']) ? parameters['user'] : {}
    const email = textOf(given, 'email') ?? ''
    const user = directory.authenticate(email, textOf(given, 'password') ?? '')
    if (!user) return html(form('Invalid email or password.', email))
    if (!mayEnter(user)) return redirect('/users/sign_in?alert=inactive')
    const before = sessionOf(request)
    // A new session id at sign-in, against session fixation.
    if (before) sessions.delete(before.id)
    return open({ userId: user.id, returnTo: null }, before?.session.returnTo ?? '/')
  })

  function open(session: Session, location: string): EmulatedResponse {
    const id = markedBytes(16).toString('hex')
    sessions.set(id, session)
    return redirect(location, { 'set-cookie': `${cookieName}=${id}; path=/; HttpOnly; SameSite=Lax` })
  }

  function sessionOf(request: EmulatedRequest): { id: string; session: Session } | null {
    const cookies = (request.headers['cookie'] ?? '').split(/;\s*/).map((pair) => pair.split('='))
    const id = cookies.find(([name]) => name === cookieName)?.[1] ?? ''
    const session = sessions.get(id)
    return session ? { id, session } : null
  }

  return {
    routes: [show, enter],
    userOf(request) {
      const userId = sessionOf(request)?.session.userId
      const user = userId == null ? null : directory.byId(userId)
      if (user && mayEnter(user)) return { user }
      const search = request.query.size > 0 ? `?${request.query.toString()}` : ''
      return { redirect: open({ userId: null, returnTo: request.path + search }, '/users/sign_in') }
    },
    reset: () => sessions.clear(),
  }
}

export const redirect = (location: string, headers: EmulatedResponse['headers'] = {}): EmulatedResponse =>
  html('', 302, { location, ...headers })

const form = (alert: string | null, email = ''): string =>
  page(
    'Log in',
    `<h2>Log in</h2>
${alert ? `<p class="alert">${escapeHtml(alert)}</p>` : ''}
<form action="/users/sign_in" method="post">
  <label>Email <input type="email" name="user[email]" value="${escapeHtml(email)}" autofocus></label>
  <label>Password <input type="password" name="user[password]"></label>
  <input type="submit" name="commit" value="Log in">
</form>`,
  )
