import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

import MarkdownIt from 'markdown-it'

const DOCS = fileURLToPath(new URL('../../docs/', import.meta.url))
const STYLES = fileURLToPath(new URL('./docs-page.css', import.meta.url))

/**
 * Vite plugin: all pages of docs/ as one HTML file without scripts, for browsers that reach no
 * other host. `DOCS_ADDRESS` in the code is its address, relative to GraphiQL's page.
 */
export function docsPage() {
  const source = docsHtml()
  // Like the other assets: kept by browsers for ever, so its name changes with its content.
  const fileName = `explorer/docs-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.html`
  return {
    name: 'docs-page',
    config: () => ({ define: { DOCS_ADDRESS: JSON.stringify(`./${fileName}`) } }),
    buildStart() {
      this.emitFile({ type: 'asset', fileName, source })
    },
  }
}

function docsHtml() {
  const pages = pagesInOrder().map((name) => ({ name, text: readFileSync(`${DOCS}${name}.md`, 'utf8') }))
  const names = new Set(pages.map(({ name }) => name))
  const links = pages.map(({ name, text }) => `<a href="#${name}">${titleOf(text)}</a>`)
  const articles = pages.map(({ name, text }) => `<article>${toHtml(name, text, names)}</article>`)
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>Dialgraph: documentation</title>
<style>${readFileSync(STYLES, 'utf8')}</style>
</head>
<body>
<nav aria-label="Pages">${links.join('\n')}</nav>
<main>${articles.join('\n')}</main>
</body>
</html>
`
}

/** The pages as the README lists them; a test holds that it lists all. */
function pagesInOrder() {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  return [...new Set([...readme.matchAll(/\]\(docs\/([\w-]+)\.md\)/g)].map(([, name]) => name))]
}

const titleOf = (text) => /^# (.+)$/m.exec(text)[1]

/** Headings get the anchors that GitHub gives them, below the name of their page. */
function toHtml(page, text, names) {
  const markdown = new MarkdownIt()
  const { rules } = markdown.renderer
  rules.heading_open = (tokens, at) => {
    const { tag } = tokens[at]
    const id = tag === 'h1' ? page : `${page}-${anchorOf(tokens[at + 1].content)}`
    return `<${tag} id="${id}">`
  }
  rules.table_open = () => '<div class="table"><table>'
  rules.table_close = () => '</table></div>'
  // A link to a file of the repository leads nowhere from here: its text stays, in a span.
  rules.link_open = (tokens, at, options, _env, self) => {
    const target = targetOf(page, tokens[at].attrGet('href'), names)
    if (target === null) tokens[at].tag = 'span'
    tokens[at].attrs = target === null ? [] : [['href', target]]
    return self.renderToken(tokens, at, options)
  }
  rules.link_close = (tokens, at, options, _env, self) => {
    const opening = tokens.slice(0, at).findLast(({ type }) => type === 'link_open')
    tokens[at].tag = opening.tag
    return self.renderToken(tokens, at, options)
  }
  return markdown.render(text)
}

function targetOf(page, href, names) {
  if (/^https?:/.test(href)) return href
  const [path, anchor] = href.split('#')
  const name = path === '' ? page : /^([\w-]+)\.md$/.exec(path)?.[1]
  if (!names.has(name)) return null
  return anchor ? `#${name}-${anchor}` : `#${name}`
}

const anchorOf = (heading) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, '')
    .replaceAll(' ', '-')
