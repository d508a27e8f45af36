// @grafana/ui asks for a default export, which this package's build does not have.
import * as built from "./node_modules/react-custom-scrollbars-2/lib/index.js";

export const Scrollbars = built.Scrollbars ?? built.default.Scrollbars;
export default Scrollbars;
