/* global document, SwaggerUIBundle */
const nothing = () => () => null;

// Shows the description that stands in the page. Nothing is fetched, and nothing can be sent from here, so that there
// is nobody to log in either.
SwaggerUIBundle({
  spec: JSON.parse(document.getElementById('openapi').textContent),
  domNode: document.getElementById('viewer'),
  deepLinking: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: -1,
  filter: true,
  showExtensions: true,
  supportedSubmitMethods: [],
  validatorUrl: null,
  plugins: [{ wrapComponents: { authorizeBtn: nothing, authorizeOperationBtn: nothing } }],
});
