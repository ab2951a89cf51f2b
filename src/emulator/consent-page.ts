/** What a consent page shows and submits. */
export interface ConsentPage {
  /** The provider's name on the page. */
  readonly provider: string
  /** The application that asks. */
  readonly application: string
  readonly scopes: readonly string[]
  /** Who may be signed in; the person chooses one. The first is preselected. */
  readonly people: readonly { readonly account: string; readonly name: string }[]
  /** The target of the form, by POST. */
  readonly action: string
  /** The parameters of the request, submitted again with the decision. */
  readonly fields: Readonly<Record<string, string>>
}

/** A plain HTML form: works in any browser and any test, without a script. */
export const consentPage = ({ provider, application, scopes, people, action, fields }: ConsentPage): string =>
  page(
    `${provider}: allow ${application}?`,
    `<p><strong>${text(application)}</strong> asks to use your ${text(provider)} account.</p>
${scopes.length ? `<p>It may use:</p>\n<ul>${scopes.map((scope) => `<li><code>${text(scope)}</code></li>`).join('')}</ul>` : ''}
<form method="post" action="${text(action)}">
${Object.entries(fields)
  .map(([name, value]) => `<input type="hidden" name="${text(name)}" value="${text(value)}">`)
  .join('\n')}
<p><label>Signed in as <select name="account">${people
      .map(({ account, name }) => `<option value="${text(account)}">${text(name)}</option>`)
      .join('')}</select></label></p>
<p><button type="submit" name="decision" value="approve">Allow</button>
<button type="submit" name="decision" value="refuse">Refuse</button></p>
</form>`,
  )

/** Shows the code to copy, for an application without a redirect URI. */
export const codePage = (provider: string, code: string): string =>
  page(
    `${provider}: authorization code`,
    `<p>Authorization code:</p>\n<p><code id="authorization_code">${text(code)}</code></p>`,
  )

/**
 * For requests that must not be redirected: an unknown application, or a redirect URI that is not
 * registered.
 */
export const refusalPage = (provider: string, reason: string): string =>
  page(`${provider}: this request cannot be served`, `<p>${text(reason)}</p>`)

const page = (title: string, body: string): string => `<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>${text(title)}</title></head>
<body>
<h1>${text(title)}</h1>
${body}
</body>
</html>
`

const text = (value: string): string => value.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)
