// Starts GraphiQL against /graphql of the same host; the token of the demonstration user goes into the headers tab.
"use strict";
const fetcher = GraphiQL.createFetcher({ url: "/graphql", headers: { "X-Msingi-Request": "1" } });
const start = `# Sign in first:
#   mutation { login(username: "clerk", password: "...") { token } }
# then write {"Authorization": "Bearer <token>"} into the Headers tab below.
{
  me {
    username
    permissions
  }
}
`;
ReactDOM.createRoot(document.getElementById("explorer")).render(
  React.createElement(GraphiQL, { fetcher, defaultQuery: start, defaultEditorToolsVisibility: "headers" }),
);
