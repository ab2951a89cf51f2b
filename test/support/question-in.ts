/** The name of a question in GraphQL, as one provider is asked by it: ` allCoreUsers`; nothing for any other request. */
export function questionIn({ body }: { readonly body: string }): string {
  const [, name] = /^\{"query":"(?:query|mutation) (\w+)/.exec(body) ?? []
  return name === undefined ? '' : ` ${name}`
}
