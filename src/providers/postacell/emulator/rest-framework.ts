import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import type { Customer } from './customers.js'
import type { PostacellKnobs } from './knobs.js'
import { negotiate, renders, type Rendering } from './negotiation.js'
import { Refusal } from './refusal.js'
import { parses } from './request-body.js'
import { languageOf, texts as allTexts, type Language, type Texts } from './texts.js'
import type { Throttle } from './throttle.js'

/** What a view's method receives. */
export interface ViewContext {
  readonly request: EmulatedRequest
  readonly texts: Texts
  /** The authenticated customer; null on views without login. */
  readonly customer: Customer | null
}

/** A view of the API. Refusals are thrown; any other result is a 200 with the returned JSON. */
export interface View {
  /** The path with its trailing slash; groups become `request.params`. */
  readonly pattern: RegExp
  readonly name: string
  readonly description: string
  readonly needsLogin: boolean
  readonly methods: Readonly<Partial<Record<string, (call: ViewContext) => unknown>>>
}

export interface RestFrameworkSettings {
  readonly knobs: PostacellKnobs
  readonly throttle: Throttle
  /**
   * The customer of the Authorization header.
   *
   * @throws Refusal when there is none
   */
  readonly authenticate: (request: EmulatedRequest, texts: Texts) => Promise<Customer>
}

const httpMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/**
 * Routes for these views, handled like Django REST framework does: negotiate, authenticate,
 * throttle, dispatch.
 */
export function viewRoutes(views: readonly View[], settings: RestFrameworkSettings): Route[] {
  return views.flatMap((view) =>
    httpMethods.map((method) => ({
      method,
      pattern: new RegExp(`${view.pattern.source.replace(/\/$/, '')}/?`),
      handle: (request: EmulatedRequest) => answer(view, request, settings),
    })),
  )
}

async function answer(
  view: View,
  request: EmulatedRequest,
  settings: RestFrameworkSettings,
): Promise<EmulatedResponse> {
  if (settings.knobs.strictSlash && !request.path.endsWith('/')) return redirectToSlash(request)
  const language = languageOf(settings.knobs, request.headers['accept-language'])
  const texts = allTexts[language]
  const rendering = negotiate(request.headers['accept'], request.query.get('format'))
  const shown = rendering === 'api' ? 'api' : 'json'
  try {
    if (rendering === 'unknown format') throw new Refusal(404, { detail: texts.notFound })
    if (rendering === null) throw new Refusal(406, { detail: texts.notAcceptable })
    const customer = view.needsLogin ? await settings.authenticate(request, texts) : null
    const wait = settings.throttle.take(customer ? `customer ${customer.id}` : 'anonymous')
    if (wait !== null) throw new Refusal(429, { detail: texts.throttled(wait) }, { 'retry-after': String(wait) })
    return render(view, shown, language, 200, await dispatch(view, { request, texts, customer }))
  } catch (error) {
    if (error instanceof Refusal) return render(view, shown, language, error.status, error.body, error.headers)
    throw error
  }
}

function dispatch(view: View, context: ViewContext): unknown {
  const { method } = context.request
  if (method === 'OPTIONS') return { name: view.name, description: view.description, renders, parses }
  const handler = view.methods[method === 'HEAD' ? 'GET' : method]
  if (!handler) throw new Refusal(405, { detail: context.texts.method(method) })
  return handler(context)
}

function render(
  view: View,
  rendering: Rendering,
  language: Language,
  status: number,
  body: unknown,
  own: Readonly<Record<string, string>> = {},
): EmulatedResponse {
  const allow = [...Object.keys(view.methods), ...('GET' in view.methods ? ['HEAD'] : []), 'OPTIONS'].join(', ')
  const headers = { allow, vary: 'Accept, Accept-Language', 'content-language': language, ...own }
  if (rendering === 'json') return json(body, status, headers)
  return { ...page(status, view.name, escape(JSON.stringify(body, null, 4))), headers: { ...headers, ...htmlType } }
}

const htmlType = { 'content-type': 'text/html; charset=utf-8' }

/** Django's response for an unknown path: HTML, whatever the Accept header. */
export const unknownPath = (): EmulatedResponse => ({
  ...page(404, 'Not Found', 'The requested resource was not found on this server.'),
  headers: htmlType,
})

function redirectToSlash({ path, query }: EmulatedRequest): EmulatedResponse {
  const search = query.size > 0 ? `?${query.toString()}` : ''
  return { status: 301, headers: { ...htmlType, location: `${path}/${search}` } }
}

const page = (status: number, title: string, text: string): EmulatedResponse => ({
  status,
  body: `<!DOCTYPE html>\n<html lang="en">\n<head><title>${title}</title></head>\n<body><h1>${title}</h1><pre>${text}</pre></body>\n</html>\n`,
})

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
