// Draws one board as Grafana would, as far as its components come as packages: curves, numbers, gauges
// and tables. Bar charts, strips and carpets live in Grafana itself: their rows are shown as a table.
import { createRoot } from "react-dom/client";
import {
  FieldColorModeId, FieldConfigOptionsRegistry, FieldType, LoadingState, applyFieldOverrides,
  createDataFrame, createTheme, dateTime, getDisplayProcessor, reduceField,
} from "@grafana/data";
import css from "uplot/dist/uPlot.min.css";
import { BarGauge, BigValue, PanelChrome, Table, ThemeContext, TimeSeries } from "@grafana/ui";

const { board, answers, from, to } = window.PREVIEW;
const theme = createTheme({ colors: { mode: window.PREVIEW.dark ? "dark" : "light" } });
const CELL = 38;
const WIDTH = 1400;
const timeRange = {
  from: dateTime(from), to: dateTime(to), raw: { from: dateTime(from), to: dateTime(to) },
};

// Grafana fills this registry from its panel plugins; here it names what our boards use.
const custom = [
  "lineWidth", "fillOpacity", "lineStyle", "fillBelowTo", "hideFrom", "drawStyle", "axisPlacement",
  "spanNulls", "insertNulls", "pointSize", "showPoints", "lineInterpolation", "axisSoftMin",
  "stacking", "cellOptions", "hidden", "axisGridShow", "gradientMode",
].map((path) => ({ id: `custom.${path}`, path, isCustom: true }));
const standard = ["unit", "decimals", "min", "max", "color", "mappings", "thresholds", "links", "noValue"]
  .map((path) => ({ id: path, path }));
const registry = new FieldConfigOptionsRegistry(() =>
  [...custom, ...standard].map((one) => ({
    name: one.id, process: (value) => value, shouldApply: () => true, settings: {}, ...one,
  })),
);

function framesOf(panel) {
  const frames = answers[panel.id].map((answer) =>
    createDataFrame({
      refId: answer.ref,
      fields: answer.columns.map((name, at) => ({
        name,
        type: answer.types[at],
        config: {},
        values: answer.rows.map((row) => row[at]),
      })),
    }),
  );
  const fieldConfig = {
    defaults: { ...panel.fieldConfig.defaults },
    overrides: panel.fieldConfig.overrides,
  };
  return applyFieldOverrides({
    data: frames, fieldConfig, fieldConfigRegistry: registry, theme, timeZone: board.timezone,
    replaceVariables: (text) => text,
  });
}

function numbersOf(panel, frames) {
  const each = panel.options.reduceOptions?.values;
  const numeric = frames.flatMap((frame) => frame.fields).filter((f) => f.type === FieldType.number);
  if (each) {
    const names = frames[0].fields.find((field) => field.type === FieldType.string);
    const field = numeric[0];
    return field.values.map((value, at) => ({
      field, display: { ...field.display(value), title: names?.values[at] },
    }));
  }
  const shown = numeric.length ? numeric : frames.flatMap((frame) => frame.fields);
  return shown.map((field) => {
    const value = reduceField({ field, reducers: ["lastNotNull"] }).lastNotNull;
    const display = (field.display ?? getDisplayProcessor({ field, theme }))(value);
    return { field, display: { ...display, title: shown.length > 1 ? field.name : undefined } };
  });
}

function Content({ panel, width, height }) {
  if (panel.type === "text") {
    return <p style={{ padding: 8, whiteSpace: "pre-wrap" }}>{panel.options.content}</p>;
  }
  const frames = framesOf(panel);
  if (panel.type === "timeseries") {
    const legend = { displayMode: "list", placement: "bottom", showLegend: true, calcs: [] };
    return (
      <TimeSeries
        frames={frames} timeRange={timeRange} timeZone={board.timezone} width={width}
        height={height} legend={legend} structureRev={1}
      />
    );
  }
  if (panel.type === "stat") {
    const { display } = numbersOf(panel, frames)[0];
    return (
      <BigValue
        theme={theme} width={width} height={height} value={display} colorMode="value"
        graphMode="none" justifyMode="auto" textMode="value"
      />
    );
  }
  if (panel.type === "bargauge") {
    const values = numbersOf(panel, frames);
    return values.map(({ field, display }, at) => (
      <BarGauge
        key={at} theme={theme} width={width} height={Math.floor(height / values.length) - 6}
        field={{ ...field.config, color: field.config.color ?? { mode: FieldColorModeId.Thresholds } }}
        value={display} orientation="horizontal" displayMode="basic" showUnfilled
        display={field.display}
      />
    ));
  }
  return <Table data={frames[0]} width={width} height={height} timeRange={timeRange} />;
}

function Board() {
  const bottom = Math.max(...board.panels.map((panel) => panel.gridPos.y + panel.gridPos.h));
  return (
    <div style={{ position: "relative", width: WIDTH, height: bottom * CELL + 56 }}>
      <h2 style={{ margin: 12 }}>{board.title}</h2>
      {board.panels.map((panel) => {
        const at = panel.gridPos;
        const width = (at.w / 24) * WIDTH - 8;
        const height = at.h * CELL - 8;
        const place = { position: "absolute", left: (at.x / 24) * WIDTH + 4, top: at.y * CELL + 52 };
        return (
          <div key={panel.id} style={place}>
            <PanelChrome
              title={panel.title} width={width} height={height} loadingState={LoadingState.Done}
            >
              {(w, h) => <Content panel={panel} width={w} height={h} />}
            </PanelChrome>
          </div>
        );
      })}
    </div>
  );
}

document.head.appendChild(Object.assign(document.createElement("style"), { textContent: css }));
document.body.style.cssText = `margin: 0; font: 14px ${theme.typography.fontFamily};`
  + `background: ${theme.colors.background.canvas}; color: ${theme.colors.text.primary}`;
createRoot(document.getElementById("board")).render(
  <ThemeContext.Provider value={theme}><Board /></ThemeContext.Provider>,
);
