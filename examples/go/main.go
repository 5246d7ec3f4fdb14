// Greets, and fails while it is told to. Go has no agent: telemetry.go sets OpenTelemetry up, and each handler is wrapped.
package main

import (
	"context"
	"encoding/json"
	"log"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

var failing atomic.Bool

func answer(w http.ResponseWriter, status int, body map[string]any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_ = json.NewEncoder(w).Encode(body)
}

func switchTo(value bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		failing.Store(value)
		answer(w, http.StatusOK, map[string]any{"failing": value})
	}
}

func hello(logger *slog.Logger) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if failing.Load() {
			logger.ErrorContext(r.Context(), "the greeting is lost")
			answer(w, http.StatusInternalServerError, map[string]any{"error": "lost"})
			return
		}
		logger.InfoContext(r.Context(), "greeted")
		answer(w, http.StatusOK, map[string]any{"hello": r.PathValue("name")})
	}
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	shutdown, err := startTelemetry(ctx)
	if err != nil {
		log.Fatal(err)
	}
	routes := http.NewServeMux()
	handle := func(pattern string, handler http.Handler) {
		routes.Handle(pattern, otelhttp.NewHandler(handler, pattern))
	}
	handle("POST /fail", switchTo(true))
	handle("POST /recover", switchTo(false))
	handle("GET /hello/{name}", hello(otelslog.NewLogger("hello-go")))

	port := os.Getenv("PORT")
	if port == "" {
		port = "8080"
	}
	server := &http.Server{Addr: "127.0.0.1:" + port, Handler: routes}
	go func() {
		<-ctx.Done()
		_ = server.Shutdown(context.Background())
	}()
	if err := server.ListenAndServe(); err != http.ErrServerClosed {
		log.Fatal(err)
	}
	shutdown()
}
