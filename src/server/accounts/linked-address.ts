import { isPrivateHost } from '../../http/wire/private-address.js'
import { isLoopback } from '../config/loopback.js'

/** Lower ones are system ports, RFC 6335 §6. */
const LOWEST_USER_PORT = 1024

/**
 * Why a caller may not link this origin (server-side request forgery): loopback and private
 * addresses, and ports of other services than web servers. Names that resolve to such addresses are
 * refused when the connection is opened.
 */
export function linkedAddressProblem(origin: string, mayNameThisMachine: boolean): string | null {
  const { hostname, port } = new URL(origin)
  if (isLoopback(hostname) && mayNameThisMachine) return null
  if (isPrivateHost(hostname)) return 'must not be addresses of this machine or of a private network'
  if (port !== '' && Number(port) < LOWEST_USER_PORT) return 'must be at the usual port, or at one from 1024 up'
  return null
}
