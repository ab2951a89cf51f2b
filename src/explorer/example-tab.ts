/** A tab of GraphiQL, with what its editors hold. */
export interface Tab {
  readonly query: string | null
  readonly variables?: string | null | undefined
}

/**
 * Index of the tab that an example opens in: the one that shows it already, else the active one or
 * another that nobody has edited. Null: it needs a tab of its own.
 */
export function tabFor(
  example: string,
  tabs: readonly Tab[],
  active: number,
  examples: ReadonlySet<string>,
): number | null {
  const isUnedited = ({ query, variables }: Tab) =>
    isEmpty(variables) && (isEmpty(query) || examples.has((query ?? '').trim()))
  const shown = tabs.findIndex((tab) => isUnedited(tab) && tab.query?.trim() === example.trim())
  if (shown >= 0) return shown
  if (tabs[active] && isUnedited(tabs[active])) return active
  const unedited = tabs.findIndex(isUnedited)
  return unedited >= 0 ? unedited : null
}

const isEmpty = (text: string | null | undefined) => /^\s*(\{\s*\})?\s*$/.test(text ?? '')
