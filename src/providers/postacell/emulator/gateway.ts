import { json, type EmulatedResponse, type EmulatedRequest, type Route } from '../../../emulator/serve.js'
import type { Customer, Customers } from './customers.js'
import type { PostacellKnobs } from './knobs.js'

/** Not published; only has to differ from the success code. */
const refusedCode = 401

/**
 * The older SMS gateway (`http://api.postacell.net/v1`): a ServiceStack service without tokens.
 * Every body has the credential; a refusal is in `Response.Status` of a response with HTTP status
 * 200.
 */
export function gatewayRoutes(knobs: PostacellKnobs, customers: Customers): Route[] {
  const operation = (name: string, answer: (customer: Customer) => Record<string, unknown>): Route => ({
    method: 'POST',
    pattern: new RegExp(`/gateway/v1/json/(?:sync)?reply/${name}`),
    handle: (request) => respond(request, answer),
  })

  function respond(
    request: EmulatedRequest,
    answer: (customer: Customer) => Record<string, unknown>,
  ): EmulatedResponse {
    const body = parse(request)
    if (!body) return { status: 400, headers: textType, body: 'The request body is not a JSON object' }
    const customer = customerOf(body, customers)
    const status = customer
      ? { Code: knobs.gatewaySuccessCode, Description: 'OK' }
      : { Code: refusedCode, Description: 'Kullanıcı adı veya şifre hatalı' }
    return json({ Response: { ...(customer ? answer(customer) : {}), Status: status } }, 200, jsonType)
  }

  return [
    operation('GetBalance', (customer) => ({ Balance: balanceOf(customer) })),
    operation('GetSettings', (customer) => ({ Settings: settingsOf(customer) })),
  ]
}

/** The gateway's response for an unknown path. */
export const unknownOperation = (): EmulatedResponse => ({
  status: 404,
  headers: textType,
  body: 'Handler for Request not found',
})

/** Whose credential a gateway request carries, or null. */
export function gatewayCustomerOf(request: EmulatedRequest, customers: Customers): Customer | null {
  const body = parse(request)
  return body && customerOf(body, customers)
}

const jsonType = { 'content-type': 'application/json; charset=utf-8' }
const textType = { 'content-type': 'text/plain; charset=utf-8' }

function parse(request: EmulatedRequest): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(request.body.toString('utf8'))
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null
  } catch {
    return null
  }
}

function customerOf(body: Record<string, unknown>, customers: Customers): Customer | null {
  const { Username, Password } = (body['Credential'] ?? {}) as { Username?: unknown; Password?: unknown }
  return customers.byGatewayCredential(String(Username), String(Password))
}

/** Credits are messages, not money. */
const balanceOf = (customer: Customer) => ({ Limit: 0, Main: customer.credits })

const settingsOf = (customer: Customer) => ({
  Balance: balanceOf(customer),
  Senders: [
    { Value: 'EGEYELKEN', Default: true },
    { Value: 'EGE YELKEN', Default: false },
  ],
  Keywords: [{ ServiceNumber: '4609', Value: 'YELKEN', Timestamp: '2025-11-03T09:30:00', Validity: 365 }],
  OperatorSettings: { Account: 'Postpaid', MSISDN: '902323456789', VariantId: '0', ServiceId: '0', UnitPrice: 0.045 },
})
