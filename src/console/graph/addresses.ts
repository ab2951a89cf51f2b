/** Scripts lie in `console/assets/`, wherever a proxy puts that. Not written where it is used: the build would look for a file. */
const here = import.meta.url
const root = new URL('../../', here)

/** The endpoint, beside the page. */
export const GRAPH_ADDRESS = new URL('graphql', root).href

/** The same for subscriptions. */
export const SOCKET_ADDRESS = GRAPH_ADDRESS.replace(/^http/, 'ws')

/** The path of the page, below which each view has its own. */
export const CONSOLE_PATH = new URL('console', root).pathname

/**
 * A link of the server, at the address that this page came from: a page that was opened by another
 * name of the same host may load nothing from the one that links are made of.
 */
export const linkHere = (url: string): string => new URL(url.split('/').slice(-2).join('/'), root).href
