/** What a browser keeps for a tab, or for good; null where its reader has forbidden that, and a page does without. */
export function browserStorage(kind: 'localStorage' | 'sessionStorage'): Storage | null {
  try {
    return window[kind]
  } catch {
    return null
  }
}
